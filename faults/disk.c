/* A disk that remembers what it was told, and until where it was made to keep it.
 *
 * Loaded into the server by LD_PRELOAD. Every write, truncation, removal and
 * finished sync of the database file and its log is appended to a journal;
 * disk.py makes of it what a power cut would have left. The calls themselves
 * are passed on unchanged.
 *
 * A record is written after the call that it tells of. A sync carries how far
 * the journal had come when it began: only what was recorded by then is kept.
 * One writev on a file opened with O_APPEND is one undivided record, also
 * between processes.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#define MAGIC 0x43555421u
#define MOST 65536
enum { WRITE = 1, SYNC, CUT_SHORT, REMOVE };

struct record { uint32_t magic, deed; uint64_t file, offset, length; };

static int journal = -1;
static const char *database;
static unsigned char file_of[MOST]; /* by descriptor: 0 none of ours, 1 the database, 2 its log, 3 its rollback journal */

#define REAL(result, name, ...) \
    static result (*real_##name)(__VA_ARGS__); \
    if (!real_##name) real_##name = (result (*)(__VA_ARGS__)) dlsym(RTLD_NEXT, #name)

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("FAULTS_JOURNAL");
    database = getenv("FAULTS_DATABASE");
    REAL(int, open64, const char *, int, ...);
    if (path && database) journal = real_open64(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
}

static unsigned char which(const char *path) {
    size_t length;
    if (journal < 0 || !path) return 0;
    length = strlen(database);
    if (strncmp(path, database, length)) return 0;
    if (!path[length]) return 1;
    if (!strcmp(path + length, "-wal")) return 2;
    return strcmp(path + length, "-journal") ? 0 : 3;
}

static unsigned char ours(int fd) { return fd >= 0 && fd < MOST ? file_of[fd] : 0; }

static void note(uint32_t deed, unsigned char file, uint64_t offset, const void *data, uint64_t length) {
    struct record head = { MAGIC, deed, file, offset, length };
    struct iovec parts[2] = { { &head, sizeof head }, { (void *) data, data ? length : 0 } };
    int kept = errno;
    if (writev(journal, parts, 2) != (ssize_t) (sizeof head + parts[1].iov_len)) abort(); /* a journal with a hole proves nothing */
    errno = kept;
}

static uint64_t journal_size(void) {
    struct stat now;
    if (fstat(journal, &now)) abort();
    return (uint64_t) now.st_size;
}

static int opened(int fd, const char *path) {
    if (fd >= 0 && fd < MOST) file_of[fd] = which(path);
    return fd;
}

int open64(const char *path, int flags, ...) {
    REAL(int, open64, const char *, int, ...);
    va_list more;
    va_start(more, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0;
    va_end(more);
    return opened(real_open64(path, flags, mode), path);
}

int open(const char *path, int flags, ...) {
    REAL(int, open, const char *, int, ...);
    va_list more;
    va_start(more, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0;
    va_end(more);
    return opened(real_open(path, flags, mode), path);
}

int close(int fd) {
    REAL(int, close, int);
    if (fd >= 0 && fd < MOST) file_of[fd] = 0;
    return real_close(fd);
}

static ssize_t wrote(int fd, const void *data, ssize_t done, off64_t offset) {
    if (done > 0 && ours(fd)) note(WRITE, file_of[fd], (uint64_t) offset, data, (uint64_t) done);
    return done;
}

ssize_t pwrite64(int fd, const void *data, size_t length, off64_t offset) {
    REAL(ssize_t, pwrite64, int, const void *, size_t, off64_t);
    return wrote(fd, data, real_pwrite64(fd, data, length, offset), offset);
}

ssize_t pwrite(int fd, const void *data, size_t length, off_t offset) {
    REAL(ssize_t, pwrite, int, const void *, size_t, off_t);
    return wrote(fd, data, real_pwrite(fd, data, length, offset), offset);
}

ssize_t write(int fd, const void *data, size_t length) {
    REAL(ssize_t, write, int, const void *, size_t);
    off64_t before = ours(fd) ? lseek64(fd, 0, SEEK_CUR) : 0;
    return wrote(fd, data, real_write(fd, data, length), before);
}

static int synced(int fd, uint64_t upto, int failed) {
    if (!failed && ours(fd)) note(SYNC, file_of[fd], upto, NULL, 0);
    return failed;
}

int fsync(int fd) {
    REAL(int, fsync, int);
    uint64_t upto = ours(fd) ? journal_size() : 0;
    return synced(fd, upto, real_fsync(fd));
}

int fdatasync(int fd) {
    REAL(int, fdatasync, int);
    uint64_t upto = ours(fd) ? journal_size() : 0;
    return synced(fd, upto, real_fdatasync(fd));
}

int ftruncate64(int fd, off64_t length) {
    REAL(int, ftruncate64, int, off64_t);
    int failed = real_ftruncate64(fd, length);
    if (!failed && ours(fd)) note(CUT_SHORT, file_of[fd], (uint64_t) length, NULL, 0);
    return failed;
}

int ftruncate(int fd, off_t length) {
    REAL(int, ftruncate, int, off_t);
    int failed = real_ftruncate(fd, length);
    if (!failed && ours(fd)) note(CUT_SHORT, file_of[fd], (uint64_t) length, NULL, 0);
    return failed;
}

int unlink(const char *path) {
    REAL(int, unlink, const char *);
    int failed = real_unlink(path);
    if (!failed && which(path)) note(REMOVE, which(path), 0, NULL, 0);
    return failed;
}
