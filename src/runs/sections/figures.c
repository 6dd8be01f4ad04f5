/* Sections that are a figure alone: heatmaps, conservation, flipping,
   randomisation and Fig. 1. */
#include "runs/report_section.h"

const struct dtd_report_section dtd_section_heatmaps = {
    .id = "heatmaps",
    .title = "Heatmaps",
    .figure = "heatmaps",
    .required = true,
    .description = "Two blocks of six test pairs, each pair above its heatmaps "
                   "by sensitivity, Taylor, min-max and training-free deep "
                   "Taylor.",
    .caption = "Twelve test pairs with exactly one target digit (0 to 3), the "
               "first of their stream, each above its heatmaps. Red: positive "
               "relevance, blue: negative, white: none. As Fig. 5 of the "
               "paper.",
};

const struct dtd_report_section dtd_section_conservation = {
    .id = "conservation",
    .title = "Conservation and positivity",
    .figure = "conservation",
    .required = true,
    .description = "Above, four scatter plots of the sum of relevance against "
                   "the score; below, four histograms of the relevance of "
                   "single pixels. The metrics on conservation and positivity "
                   "say the same in figures.",
    .caption = "Above: the sum of relevance against f(x), one point a test "
               "pair; on the dashed diagonal, relevance is conserved "
               "(sensitivity has a scale of its own). Below: how often a "
               "pixel’s relevance takes a value; bars left of zero, in blue, "
               "are negative. As Fig. 6 of the paper.",
};

const struct dtd_report_section dtd_section_flipping = {
    .id = "flipping",
    .title = "Faithfulness: taking pixels away",
    .introduction =
        "If a heatmap is right about what f rests on, f falls fast when the "
        "most relevant pixels are turned black first. The areas under these "
        "curves are among the metrics, as pixel and block flipping.",
    .figure = "flipping",
    .description = "Two panels of curves of the score while pixels, or blocks, "
                   "are taken away: four methods and random order. The metrics "
                   "on faithfulness summarise them.",
    .caption = "The score relative to f(x) while pixels are taken away, the "
               "most relevant first; bands are 95 % intervals of the mean. An "
               "all-black image, where all curves end, has a score of its own "
               "(among the metrics), so that the order of the last pixels "
               "decides more than that of the first, and a method may fall "
               "behind random order over the whole curve.",
};

const struct dtd_report_section dtd_section_randomisation = {
    .id = "randomisation",
    .title = "Robustness: random layers",
    .introduction =
        "An explanation of what was learned has to change when what was "
        "learned is replaced by noise, layer by layer from the top. One that "
        "stays alike explains the input more than the model.",
    .figure = "randomisation",
    .description = "Rank correlation of heatmaps with those of models whose "
                   "top layer, or all layers, are random, for four methods. "
                   "The metrics on robustness hold the figures.",
    .caption = "Rank correlation of the heatmap with the one after layers were "
               "re-drawn, mean and 95 % interval.",
};

const struct dtd_report_section dtd_section_figure1 = {
    .id = "figure-1",
    .title = "Two inputs: what the methods do",
    .introduction = "Functions of two inputs show at a glance what each method "
                    "does: where it jumps, what it misses, and whether its "
                    "relevances sum to f.",
    .figure = "figure1",
    .description = "Rows of panels, a function of two inputs each, with the "
                   "relevances of both inputs as arrows by sensitivity, "
                   "natural, Taylor and deep Taylor decomposition.",
    .caption = "Functions of two inputs, explained at many points: the arrow "
               "at x is (R_1, R_2), contours show f. Under each panel: the "
               "largest error of the sum. As Fig. 1 of the paper.",
};
