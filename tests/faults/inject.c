/*
 * Preloaded into a program: fails one allocation, or one system call, chosen by its call stack.
 *
 *   MCA_FAULT_KIND   memory or calls
 *   MCA_FAULT_LIST   file to which every call stack is written once: its hash, a number, its frames
 *   MCA_FAULT_STACK  hash of the stack whose first allocation or call fails
 *   MCA_FAULT_AFTER  the number behind that hash in a list: what comes well before it is not looked
 *                    at, for finding out call stacks takes most of the time
 *   MCA_FAULT_MARK   file made when that happens; where it is there, nothing fails any more
 *
 * A stack is the offsets of its return addresses within their modules, so that it is the same
 * wherever those are loaded. System calls are caught by a seccomp filter that raises SIGSYS, and
 * thus also those that the C library makes by itself, in fclose for instance; the handler makes the
 * call again from an address that the filter lets pass.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

enum { FRAMES_MAX = 96, SEEN_MAX = 1 << 16 };

static int is_on;   /* 0 until the constructor has run */
static int is_main; /* main has begun: before it no program can catch what its libraries' own
                     * objects throw (docs/reference/reproducibility.md) */
static int is_over; /* the failure has happened */
static int list_fd = -1;
static uint64_t wanted;
/* Calls that could have failed, in this process and before the forks that it comes from. */
static unsigned long made_count;
static unsigned long first_looked_at;
static const char *mark;
static uint64_t seen[SEEN_MAX]; /* open addressing; 0: free */
static _Thread_local int is_inside;

/* The system calls below are this file's own: the filter passes what comes from here. */
long mca_fault_syscall(long number, long a, long b, long c, long d, long e, long f);
#ifdef __x86_64__
__asm__(".text\n"
        ".globl mca_fault_syscall\n"
        ".type mca_fault_syscall, @function\n"
        "mca_fault_syscall:\n"
        "  mov %rdi, %rax\n  mov %rsi, %rdi\n  mov %rdx, %rsi\n  mov %rcx, %rdx\n"
        "  mov %r8, %r10\n  mov %r9, %r8\n  mov 8(%rsp), %r9\n"
        "  syscall\n"
        ".globl mca_fault_syscall_end\n"
        "mca_fault_syscall_end:\n"
        "  ret\n"
        ".size mca_fault_syscall, . - mca_fault_syscall\n");
extern const char mca_fault_syscall_end[];
#endif

static uint64_t mix(uint64_t hash, uint64_t value) {
    hash = (hash ^ value) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ (hash >> 29);
}

/* Whether this is the first time; races of threads only list a stack twice. */
static int is_new(uint64_t hash) {
    uint64_t slot = hash % SEEN_MAX;
    while (seen[slot] != 0 && seen[slot] != hash) {
        slot = (slot + 1) % SEEN_MAX;
    }
    const int fresh = seen[slot] == 0;
    seen[slot] = hash;
    return fresh;
}

static void list_stack(uint64_t hash, unsigned long number, void *const *frames, int count,
                       const char *what) {
    char line[8192];
    int used =
        snprintf(line, sizeof line, "%016llx %lu %s", (unsigned long long)hash, number, what);
    for (int i = 0; i < count && used < (int)sizeof line - 300; ++i) {
        Dl_info info;
        if (dladdr(frames[i], &info) && info.dli_fname) {
            const char *slash = strrchr(info.dli_fname, '/');
            used += snprintf(line + used, sizeof line - (size_t)used, " %.60s+%#tx:%.80s",
                             slash ? slash + 1 : info.dli_fname,
                             (const char *)frames[i] - (const char *)info.dli_fbase,
                             info.dli_sname ? info.dli_sname : "");
        }
    }
    used += snprintf(line + used, sizeof line - (size_t)used, "\n");
    (void)!write(list_fd, line, (size_t)used);
}

/* Made by the process that fails; there is one failure in all processes of a command. */
static int take_mark(void) {
    const int fd = open(mark, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd >= 0) {
        (void)close(fd);
    }
    is_over = 1;
    return fd >= 0;
}

/* Whether the call that is being made fails. */
static int must_fail(uint64_t kind, const char *what) {
    void *frames[FRAMES_MAX];
    const unsigned long number = __atomic_fetch_add(&made_count, 1, __ATOMIC_RELAXED);
    if (number < first_looked_at) {
        return 0;
    }
    is_inside = 1;
    const int kept = errno;
    const int count = backtrace(frames, FRAMES_MAX);
    uint64_t hash = mix(0, kind);
    for (int i = 1; i < count; ++i) {
        struct dl_find_object module;
        const char *base = _dl_find_object(frames[i], &module) == 0 ? module.dlfo_map_start : NULL;
        hash = mix(hash, (uint64_t)((const char *)frames[i] - base));
    }
    hash |= hash == 0;
    if (list_fd >= 0 && is_new(hash)) {
        list_stack(hash, number, frames + 1, count - 1, what);
    }
    const int fails = hash == wanted && take_mark();
    errno = kept;
    is_inside = 0;
    return fails;
}

static int fails_memory(const char *what) {
    if (is_on != 'm' || !is_main || is_inside || is_over || !must_fail(0, what)) {
        return 0;
    }
    errno = ENOMEM;
    return 1;
}

void *malloc(size_t size) {
    return fails_memory("malloc") ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
    return fails_memory("calloc") ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size) {
    return fails_memory("realloc") ? NULL : __libc_realloc(old, size);
}

void *memalign(size_t alignment, size_t size);
void *memalign(size_t alignment, size_t size) {
    return fails_memory("memalign") ? NULL : __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    return fails_memory("aligned_alloc") ? NULL : __libc_memalign(alignment, size);
}

int posix_memalign(void **out, size_t alignment, size_t size) {
    void *made = fails_memory("posix_memalign") ? NULL : __libc_memalign(alignment, size);
    *out = made ? made : *out;
    return made ? 0 : ENOMEM;
}

#ifdef __x86_64__
/* What each call that is failed tells: no room, or a fault of the medium. */
static const struct {
    int number;
    int reason;
    const char *name;
} CALLS[] = {{SYS_write, ENOSPC, "write"},      {SYS_writev, ENOSPC, "writev"},
             {SYS_open, ENOSPC, "open"},        {SYS_openat, ENOSPC, "openat"},
             {SYS_close, EIO, "close"},         {SYS_fsync, EIO, "fsync"},
             {SYS_fdatasync, EIO, "fdatasync"}, {SYS_rename, EIO, "rename"},
             {SYS_renameat, EIO, "renameat"},   {SYS_renameat2, EIO, "renameat2"},
             {SYS_mkdir, ENOSPC, "mkdir"},      {SYS_mkdirat, ENOSPC, "mkdirat"},
             {SYS_unlink, EIO, "unlink"},       {SYS_unlinkat, EIO, "unlinkat"},
             {SYS_rmdir, EIO, "rmdir"},         {SYS_ftruncate, EIO, "ftruncate"},
             {SYS_read, EIO, "read"},           {SYS_getdents64, EIO, "getdents64"}};
enum { CALL_COUNT = sizeof CALLS / sizeof CALLS[0] };

/* Before a call fails for good it is done: a close that tells of a fault has closed. */
static long fail_call(int number, int reason, const greg_t *r) {
    if (number == SYS_close) {
        (void)mca_fault_syscall(number, r[REG_RDI], 0, 0, 0, 0, 0);
    }
    return -reason;
}

static void on_call(int signal, siginfo_t *info, void *context) {
    greg_t *r = ((ucontext_t *)context)->uc_mcontext.gregs;
    const int number = info->si_syscall;
    (void)signal;
    if (!is_inside && !is_over) {
        for (int i = 0; i < CALL_COUNT; ++i) {
            /* without stderr nothing could be told */
            const int is_told = number == SYS_write && r[REG_RDI] == STDERR_FILENO;
            if (CALLS[i].number == number && !is_told &&
                must_fail((uint64_t)number, CALLS[i].name)) {
                r[REG_RAX] = fail_call(number, CALLS[i].reason, r);
                return;
            }
        }
    }
    r[REG_RAX] = mca_fault_syscall(number, r[REG_RDI], r[REG_RSI], r[REG_RDX], r[REG_R10],
                                   r[REG_R8], r[REG_R9]);
}

static int catch_calls(void) {
    struct sock_filter program[8 + CALL_COUNT];
    const uint32_t passed = (uint32_t)(uintptr_t)mca_fault_syscall_end;
    size_t n = 0;
    program[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
                                                offsetof(struct seccomp_data, instruction_pointer));
    program[n++] =
        (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, passed, CALL_COUNT + 1, 0);
    program[n++] =
        (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    for (int i = 0; i < CALL_COUNT; ++i) {
        program[n++] = (struct sock_filter)BPF_JUMP(
            BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)CALLS[i].number, (uint8_t)(CALL_COUNT - i), 0);
    }
    program[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    program[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP);
    const struct sock_fprog filter = {(unsigned short)n, program};
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = on_call;
    action.sa_flags = SA_SIGINFO | SA_NODEFER | SA_RESTART;
    return sigaction(SIGSYS, &action, NULL) == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}
#else
static int catch_calls(void) {
    return 0;
}
#endif

static int (*real_main)(int argc, char **argv, char **envp);

static int watched_main(int argc, char **argv, char **envp) {
    is_main = 1;
    return real_main(argc, argv, envp);
}

int __libc_start_main(int (*program)(int, char **, char **), int argc, char **argv,
                      void (*init)(void), void (*fini)(void), void (*rtld_fini)(void), void *end);
int __libc_start_main(int (*program)(int, char **, char **), int argc, char **argv,
                      void (*init)(void), void (*fini)(void), void (*rtld_fini)(void), void *end) {
    int (*start)(int (*)(int, char **, char **), int, char **, void (*)(void), void (*)(void),
                 void (*)(void), void *);
    *(void **)&start = dlsym(RTLD_NEXT, "__libc_start_main");
    real_main = program;
    return start(watched_main, argc, argv, init, fini, rtld_fini, end);
}

__attribute__((constructor)) static void begin(void) {
    void *frames[4];
    const char *kind = getenv("MCA_FAULT_KIND");
    const char *list = getenv("MCA_FAULT_LIST");
    const char *stack = getenv("MCA_FAULT_STACK");
    const char *after = getenv("MCA_FAULT_AFTER");
    mark = getenv("MCA_FAULT_MARK");
    (void)backtrace(frames, 4); /* loads the unwinder, which allocates */
    if (list) {
        list_fd = open(list, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    }
    wanted = stack && mark ? strtoull(stack, NULL, 16) : 0;
    /* threads take turns as they like, so that a run's calls come somewhat earlier or later */
    const unsigned long listed = after ? strtoul(after, NULL, 10) : 0;
    const unsigned long before = listed / 8 + 50;
    first_looked_at = listed > before ? listed - before : 0;
    (void)unsetenv("LD_PRELOAD"); /* programs that are started run as they are */
    if (kind && strcmp(kind, "calls") == 0 && !catch_calls()) {
        (void)fprintf(stderr, "no seccomp filter here\n");
        _exit(77);
    }
    is_on = kind ? kind[0] : 0;
}
