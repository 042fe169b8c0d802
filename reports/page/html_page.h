/*
 * HTML pages in one file: style sheet, Chart.js, scripts and data stand in the page, which asks
 * nothing of a network. What the page shows is made by its scripts from the data.
 */
#ifndef MCA_REPORTS_PAGE_HTML_PAGE_H
#define MCA_REPORTS_PAGE_HTML_PAGE_H

#include <stddef.h>

#include "base/json_writer.h"
#include "base/status.h"

/* Texts of the page, by tools/embed_text.cmake. */
extern const unsigned char mca__chart_js[];
extern const size_t mca__chart_js_size;
extern const unsigned char mca__page_css[];
extern const size_t mca__page_css_size;
extern const unsigned char mca__page_js[];
extern const size_t mca__page_js_size;
extern const unsigned char mca__report_js[];
extern const size_t mca__report_js_size;
extern const unsigned char mca__sweep_js[];
extern const size_t mca__sweep_js_size;
extern const unsigned char mca__compare_js[];
extern const size_t mca__compare_js_size;

struct mca__script {
    const unsigned char *text;
    size_t size;
};

/*
 * Writes a page that runs `script` on `data`, which is released; the script finds it as the JSON of
 * the element with id `data`. Where `made`, which the data were, is not MCA_OK, nothing is written
 * and it is returned. The page gets its name when it is whole (base/durable_file):
 * what was at `path` stays until then, and of a failure nothing is left. MCA_SYSTEM when it cannot
 * be written, MCA_FAILED for memory.
 */
enum mca_status mca__page_write_file(const char *path, const char *title, struct mca__json *data,
                                     struct mca__script script, enum mca_status made,
                                     struct mca_error *error);

#endif
