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
struct mca__page_part {
    const unsigned char *text;
    size_t size;
};
extern const struct mca__page_part mca__chart_js, mca__page_css, mca__page_js, mca__explain_js,
    mca__drawing_js, mca__report_js, mca__sweep_js, mca__compare_js;

/*
 * Writes a page that runs `scripts`, up to a NULL, on `data`, which is released; they find it as
 * the JSON of the element with id `data`. `title` has no < and no &: names of scenarios have none.
 * Where `made`, which the data were, is not MCA_OK, nothing is written and it is returned. The page
 * gets its name when it is whole (base/durable_file): what was at `path` stays until then, and of a
 * failure nothing is left. MCA_SYSTEM when it cannot be written, MCA_FAILED for memory.
 */
enum mca_status mca__page_write_file(const char *path, const char *title, struct mca__json *data,
                                     const struct mca__page_part *const scripts[],
                                     enum mca_status made, struct mca_error *error);

#endif
