#include <oniguruma.h>

/// The library as it is used here: UTF-8, and the syntax that is its default.
static inline int layerbook_onig_start(void) {
  OnigEncoding encodings[] = {ONIG_ENCODING_UTF8};
  return onig_initialize(encodings, 1);
}

/// Compiles a pattern; the result is ONIG_NORMAL or an error number.
static inline int layerbook_onig_compile(
    regex_t **result, const unsigned char *pattern, long length, OnigErrorInfo *info) {
  return onig_new(result, pattern, pattern + length, ONIG_OPTION_NONE, ONIG_ENCODING_UTF8, ONIG_SYNTAX_DEFAULT, info);
}

/// Writes the message of an error to `text`, which has room for ONIG_MAX_ERROR_MESSAGE_LEN bytes, and gives its length.
static inline int layerbook_onig_message(unsigned char *text, int number, OnigErrorInfo *info) {
  return onig_error_code_to_str(text, number, info);
}
