/* Exports a trained model as ONNX, with its input settings beside it.

   FILE.onnx has the network, and as metadata where it comes from: the command,
   both revisions, the configuration and its digest. FILE.ini has the interval
   of the pixels, as explain/input_settings.h reads it. Pairs of digits are
   pictures (N, 1, 28, 56); what another network reads is (N, inputs). */
#ifndef DTD_MODEL_EXPORT_H
#define DTD_MODEL_EXPORT_H

/* `from` is a model.safetensors, or a folder that holds one; `to` ends in
   ".onnx". Dies (usage) when it does not, and (failure), naming the file, when
   the model cannot be used, pools by a norm that ONNX's nodes do not have, or
   FILE.ini is there and is no such file. */
void dtd_model_export(const char *to, const char *from, const char *command);

#endif
