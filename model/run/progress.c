#include "run/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "base/options.h"
#include "run/stop_request.h"

enum { BAR_CELLS = 24, LINE_SIZE = 160 };

static const double REDRAW_S = 0.1;

double mca_now_s(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static int terminal_columns(void) {
    struct winsize size;
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

void mca_progress_init(struct mca_progress_bar *progress, int quiet) {
    const char *term = getenv("TERM");
    *progress = (struct mca_progress_bar){.quiet = quiet};
    progress->bar = !quiet && isatty(STDERR_FILENO) && term && strcmp(term, "dumb") != 0;
    progress->colour = progress->bar && mca_wants_colour(stderr);
    progress->columns = progress->bar ? terminal_columns() : 80;
    progress->start_s = mca_now_s();
    progress->last_s = progress->start_s;
}

void mca_progress_end(struct mca_progress_bar *progress) {
    if (progress->drawn) {
        (void)fprintf(stderr, "\r%*s\r", progress->columns - 1, "");
        progress->drawn = 0;
    }
}

void mca_format_time(double seconds, char text[32]) {
    const uint64_t s = seconds < 1e9 ? (uint64_t)(seconds + 0.5) : 1000000000u;
    if (s >= 3600) {
        (void)snprintf(text, 32, "%" PRIu64 ":%02u:%02u", s / 3600, (unsigned)(s / 60 % 60),
                       (unsigned)(s % 60));
    } else {
        (void)snprintf(text, 32, "%u:%02u", (unsigned)(s / 60), (unsigned)(s % 60));
    }
}

static void draw(struct mca_progress_bar *progress, const struct mca_progress *now,
                 double elapsed_s) {
    const double fraction = now->total ? (double)now->done / (double)now->total : 0;
    const double rate = elapsed_s > 0 ? (double)(now->done - progress->start_done) / elapsed_s : 0;
    char left[32] = "-:--";
    char cells[BAR_CELLS + 1];
    char line[LINE_SIZE];
    if (rate > 0) {
        mca_format_time((double)(now->total - now->done) / rate, left);
    }
    memset(cells, '-', BAR_CELLS);
    memset(cells, '#', (size_t)(fraction * BAR_CELLS));
    cells[BAR_CELLS] = '\0';
    const int head =
        snprintf(line, sizeof line, "%-5s %u/%u ", now->stage, now->epoch, now->epochs);
    (void)snprintf(line + head, sizeof line - (size_t)head, "[%s] %5.1f %%  %.0f images/s  %s left",
                   cells, 100 * fraction, rate, left);
    const int width = progress->columns - 1;
    if (progress->colour && width >= head + BAR_CELLS + 2) {
        (void)fprintf(stderr, "\r%.*s\033[36m%.*s\033[0m%-*.*s", head, line, BAR_CELLS + 2,
                      line + head, width - head - BAR_CELLS - 2, width - head - BAR_CELLS - 2,
                      line + head + BAR_CELLS + 2);
    } else {
        (void)fprintf(stderr, "\r%-*.*s", width, width, line);
    }
    progress->drawn = 1;
}

static void on_progress(void *user, const struct mca_progress *now) {
    struct mca_progress_bar *progress = user;
    const double now_s = mca_now_s();
    if (strcmp(now->stage, "init") == 0) {
        progress->start_done = now->done;
    } else if (strcmp(now->stage, "train") == 0) {
        progress->train_s += now_s - progress->last_s;
    } else if (strcmp(now->stage, "test") == 0) {
        progress->test_s += now_s - progress->last_s;
    }
    progress->last_s = now_s;
    if (progress->bar && now->done > 0 && now_s - progress->drawn_s >= REDRAW_S) {
        progress->drawn_s = now_s;
        draw(progress, now, now_s - progress->start_s);
    }
}

void mca_progress_hold(struct mca_progress_bar *progress) {
    progress->holds = 1;
}

void mca_progress_release(struct mca_progress_bar *progress, int drops) {
    if (progress->held && !drops) {
        mca_progress_end(progress);
        (void)fputs(progress->held, stderr);
    }
    free(progress->held);
    progress->held = NULL;
    progress->holds = 0;
}

/* 0 where there is no memory for it. */
static int keep(struct mca_progress_bar *progress, const char *line) {
    const size_t used = progress->held ? strlen(progress->held) : 0;
    const size_t size = used + strlen(line) + 2;
    char *more = realloc(progress->held, size);
    if (more) {
        (void)snprintf(more + used, size - used, "%s\n", line);
        progress->held = more;
    }
    return more != NULL;
}

static void on_notice(void *user, const char *line) {
    struct mca_progress_bar *progress = user;
    if (!progress->quiet && !(progress->holds && keep(progress, line))) {
        mca_progress_end(progress);
        (void)fprintf(stderr, "%s\n", line);
    }
}

static int on_stop(void *user) {
    (void)user;
    return mca_stop_requested();
}

struct mca_observer mca_progress_observer(struct mca_progress_bar *progress) {
    return (struct mca_observer){progress, on_notice, on_progress, on_stop};
}
