#include "cli/line.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

int cli_line_width(int otherwise) {
    enum { NARROWEST = 40, WIDEST = 10000 };
    const char *columns = getenv("COLUMNS");
    const long given = columns ? strtol(columns, NULL, 10) : 0;
    struct winsize size;
    if (given >= NARROWEST && given <= WIDEST) {
        return (int)given;
    }
    return isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 &&
                   size.ws_col >= NARROWEST
               ? (int)size.ws_col
               : otherwise;
}

int cli_list_width(void) {
    return cli_line_width(INT_MAX);
}

void cli_put_cut(const char *text, int column, int width) {
    static const char MORE[] = "...";
    const size_t room = width > column ? (size_t)(width - column) : 0;
    size_t length = strlen(text);
    if (length > room) {
        length = room < sizeof MORE ? 0 : room - (sizeof MORE - 1);
        while (length > 0 && text[length] != ' ') {
            --length;
        }
        (void)printf("%.*s%s\n", (int)length, text, MORE);
    } else {
        (void)printf("%s\n", text);
    }
}
