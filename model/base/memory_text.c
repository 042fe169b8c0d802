#include "base/memory_text.h"

#include <stdlib.h>

enum { ROOM_MIN = 1 << 14, ROOM_MAX = 1 << 28 };

/* Length of the text in `buffer`, or -1 where it did not fit with the null byte that ends it, which
 * the stream writes where there is room (POSIX, fmemopen). */
static long print_into(char *buffer, size_t room, mca_print_fn *print, const void *what) {
    FILE *out = fmemopen(buffer, room, "w");
    if (!out) {
        return -1;
    }
    print(out, what);
    const int whole = fflush(out) == 0 && !ferror(out);
    const long length = whole ? ftell(out) : -1;
    return fclose(out) == 0 && length >= 0 && (size_t)length < room ? length : -1;
}

/* Not by open_memstream: where its buffer cannot grow, the C library drops what was printed and
 * marks no error on the stream. */
enum mca_status mca_print_to_memory(mca_print_fn *print, const void *what, char **text,
                                    size_t *size, struct mca_error *error) {
    for (size_t room = ROOM_MIN; room <= ROOM_MAX; room *= 4) {
        char *buffer = malloc(room);
        const long length = buffer ? print_into(buffer, room, print, what) : 0;
        if (buffer && length >= 0) {
            *text = buffer;
            *size = (size_t)length;
            return MCA_OK;
        }
        free(buffer);
        if (!buffer) {
            break;
        }
    }
    return mca_fail_memory(error, "text");
}
