#include "vcd.h"

#include <string.h>

enum { TOKEN_MAX = 8192, SCOPE_MAX = 4096 };

struct reader {
    FILE *file;
    char token[TOKEN_MAX];
    char scope[SCOPE_MAX];
};

/* The next word; 0 at the end of the file or when it is too long. */
static int next(struct reader *r) {
    size_t length = 0;
    int c;
    do {
        c = getc_unlocked(r->file);
    } while (c == ' ' || c == '\n' || c == '\t' || c == '\r');
    while (c > ' ' && length < TOKEN_MAX - 1) {
        r->token[length++] = (char)c;
        c = getc_unlocked(r->file);
    }
    r->token[length] = '\0';
    return length > 0 && c <= ' ';
}

static int skip_to_end(struct reader *r) {
    while (next(r)) {
        if (strcmp(r->token, "$end") == 0) {
            return 1;
        }
    }
    return 0;
}

/* Identifiers count in base 94. */
static uint32_t number_of(const char *id) {
    uint32_t number = 0;
    for (size_t i = strlen(id); i > 0; --i) {
        number = number * 94 + (uint32_t)(id[i - 1] - '!') + 1;
    }
    return number;
}

static int read_scope(struct reader *r) {
    const size_t length = strlen(r->scope);
    if (!next(r) || !next(r) || length + strlen(r->token) + 2 > SCOPE_MAX) {
        return 0;
    }
    (void)snprintf(r->scope + length, SCOPE_MAX - length, "%s%s", length ? "/" : "", r->token);
    return skip_to_end(r);
}

static int leave_scope(struct reader *r) {
    char *slash = strrchr(r->scope, '/');
    *(slash ? slash : r->scope) = '\0';
    return skip_to_end(r);
}

static int read_variable(struct reader *r, const struct vcd_handler *handler) {
    unsigned bits;
    if (!next(r) || !next(r) || sscanf(r->token, "%u", &bits) != 1 || !next(r)) {
        return 0;
    }
    const uint32_t id = number_of(r->token);
    if (!next(r)) {
        return 0;
    }
    handler->variable(handler->user, r->scope, r->token, bits, id);
    return skip_to_end(r);
}

static int read_header(struct reader *r, const struct vcd_handler *handler) {
    while (next(r)) {
        int good;
        if (strcmp(r->token, "$scope") == 0) {
            good = read_scope(r);
        } else if (strcmp(r->token, "$upscope") == 0) {
            good = leave_scope(r);
        } else if (strcmp(r->token, "$var") == 0) {
            good = read_variable(r, handler);
        } else {
            const int last = strcmp(r->token, "$enddefinitions") == 0;
            good = skip_to_end(r);
            if (last) {
                return good;
            }
        }
        if (!good) {
            return 0;
        }
    }
    return 0;
}

int vcd_read(FILE *file, const struct vcd_handler *handler) {
    struct reader reader = {.file = file};
    struct reader *r = &reader;
    char value[TOKEN_MAX];
    int changed = 0; /* the file starts with a time, not with values */
    if (!read_header(r, handler)) {
        return -1;
    }
    while (next(r)) {
        switch (r->token[0]) {
        case '#':
            if (changed) {
                handler->settled(handler->user);
            }
            changed = 0;
            break;
        case '$': /* $dumpvars, its $end */
            break;
        case 'b': /* vector: value, then id */
            memcpy(value, r->token + 1, strlen(r->token));
            if (!next(r)) {
                return -1;
            }
            handler->change(handler->user, number_of(r->token), value);
            changed = 1;
            break;
        default: /* scalar: the id follows at once */
            value[0] = r->token[0];
            value[1] = '\0';
            handler->change(handler->user, number_of(r->token + 1), value);
            changed = 1;
        }
    }
    if (changed) {
        handler->settled(handler->user);
    }
    return feof(file) ? 0 : -1;
}
