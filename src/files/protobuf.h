/* Unpacks protobuf files by protobuf-c, in one pass that believes no number
   before its bytes are there.

   The pass bounds what protobuf-c does not: how deep messages lie in each
   other, how many fields there are, and how often a message is joined to
   another. So memory and time are in proportion to the file, for any contents.
   Arrays of bytes, which are nearly all of a network, are read into their place
   at once and not copied. Memory is that of base/memory.h and goes back with a
   mark.

   https://protobuf.dev/programming-guides/encoding */
#ifndef DTD_PROTOBUF_H
#define DTD_PROTOBUF_H

struct ProtobufCMessage; /* of protobuf-c, as its generated code has them */
struct ProtobufCMessageDescriptor;

/* Reads a file that is one message of `type`; release with dtd_protobuf_free.
   Dies, naming the file, when it is no such file (`format` is what people call
   it, "ONNX"), truncated or damaged; when a message or an array of bytes that
   may stand once stands twice; and when a text holds a zero byte. Every array
   of bytes is aligned as by dtd_new; fields that the type does not know are
   left out. */
struct ProtobufCMessage *
dtd_protobuf_read(const char *path,
                  const struct ProtobufCMessageDescriptor *type,
                  const char *format);

void dtd_protobuf_free(struct ProtobufCMessage *message);

#endif
