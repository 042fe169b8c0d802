#include "reports/page/html_page.h"

#include <errno.h>

#include "base/durable_file.h"
#include "base/json_memory.h"

/* JSON within a script element, which a "<" in a string could end. */
static int put_json(const char *text, size_t size, void *user) {
    FILE *out = user;
    for (size_t i = 0; i < size; ++i) {
        if (text[i] == '<') {
            (void)fputs("\\u003c", out);
        } else {
            (void)fputc(text[i], out);
        }
    }
    return 0;
}

static void put_part(FILE *out, const char *begin, const struct mca__page_part *part,
                     const char *end) {
    (void)fputs(begin, out);
    (void)fwrite(part->text, 1, part->size, out);
    (void)fputs(end, out);
}

static void put_script(FILE *out, const struct mca__page_part *part) {
    put_part(out, "<script>", part, "</script>\n");
}

/* The page; `data` is released. */
static enum mca_status write_page(FILE *out, const char *title, struct mca__json *data,
                                  const struct mca__page_part *const scripts[],
                                  struct mca_error *error) {
    (void)fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                "<link rel=\"icon\" href=\"data:,\">\n<title>",
                out);
    (void)fputs(title, out);
    put_part(out, "</title>\n<style>", &mca__page_css,
             "</style>\n</head>\n<body>\n<main id=\"page\"><noscript>This page draws its tables "
             "and charts with the scripts it contains; they are switched off.</noscript>"
             "</main>\n<script type=\"application/json\" id=\"data\">");
    const size_t flags = JSON_COMPACT | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(17);
    const int failed = data->failed || json_dump_callback(data->root, put_json, out, flags) != 0 ||
                       mca_json_shortages() != data->shortages;
    json_decref(data->root);
    data->root = NULL;
    if (failed) {
        return mca_fail_memory(error, "page");
    }
    (void)fputs("</script>\n", out);
    put_script(out, &mca__chart_js);
    put_script(out, &mca__page_js);
    for (size_t i = 0; scripts[i]; ++i) {
        put_script(out, scripts[i]);
    }
    (void)fputs("</body>\n</html>\n", out);
    return MCA_OK;
}

enum mca_status mca__page_write_file(const char *path, const char *title, struct mca__json *data,
                                     const struct mca__page_part *const scripts[],
                                     enum mca_status made, struct mca_error *error) {
    struct mca_new_file out;
    const enum mca_status status = made == MCA_OK ? mca_new_file_open(&out, path, error) : made;
    if (status != MCA_OK) {
        json_decref(data->root);
        data->root = NULL;
        return status;
    }
    errno = 0;
    return mca_new_file_end(&out, write_page(out.file, title, data, scripts, error), error);
}
