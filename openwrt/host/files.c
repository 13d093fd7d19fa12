/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files, and memory that outlives the process. */
#include "host.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define MODE_OF_FILES 0640
#define MODE_OF_DIRECTORIES 0750
/* The largest file that readText reads. */
#define TEXT_OCTETS 65536

static JSValue with_path(JSContext *context, JSValueConst value, long (*act)(const char *path))
{
	const char *path = JS_ToCString(context, value);

	if (path == NULL)
		return JS_EXCEPTION;
	JSValue result = result_of(context, act(path));

	JS_FreeCString(context, path);
	return result;
}

static long open_to_read(const char *path)
{
	return open(path, O_RDONLY | O_CLOEXEC);
}

static long open_to_write(const char *path)
{
	return open(path, O_RDWR | O_CREAT | O_CLOEXEC, MODE_OF_FILES);
}

/* open(path, write): where it is to be written it is made where it is not there */
JSValue call_open(JSContext *context, JSValueConst self, int count, JSValueConst *values)
{
	return with_path(context, values[0], JS_ToBool(context, values[1]) ? open_to_write : open_to_read);
}

static long open_locked(const char *path)
{
	int descriptor = open_to_write(path);

	if (descriptor >= 0 && flock(descriptor, LOCK_EX | LOCK_NB) < 0) {
		int error = errno;

		close(descriptor);
		errno = error;
		return -1;
	}
	return descriptor;
}

/* lock(path): a descriptor that holds the file's lock, -EAGAIN where another one does */
JSValue call_lock(JSContext *context, JSValueConst self, int count, JSValueConst *values)
{
	return with_path(context, values[0], open_locked);
}

/* close(descriptor) */
JSValue call_close(JSContext *context, JSValueConst self, int count, JSValueConst *values)
{
	return result_of(context, close(int_of(context, values[0])));
}

/* read(descriptor, memory, offset) */
JSValue call_read(JSContext *context, JSValueConst self, int count, JSValueConst *values)
{
	size_t octets;
	int64_t offset = 0;
	uint8_t *memory = octets_of(context, values[1], &octets);

	if (memory == NULL || JS_ToInt64(context, &offset, values[2]))
		return JS_EXCEPTION;
	return result_of(context, pread(int_of(context, values[0]), memory, octets, offset));
}

/* write(descriptor, memory, offset) */
JSValue call_write(JSContext *context, JSValueConst self, int count, JSValueConst *values)
{
	size_t octets;
	int64_t offset = 0;
	uint8_t *memory = octets_of(context, values[1], &octets);

	if (memory == NULL || JS_ToInt64(context, &offset, values[2]))
		return JS_EXCEPTION;
	return result_of(context, pwrite(int_of(context, values[0]), memory, octets, offset));
}

/* truncate(descriptor, octets) */
JSValue call_truncate(JSContext *context, JSValueConst self, int count, JSValueConst *values)
{
	int64_t octets = 0;

	JS_ToInt64(context, &octets, values[1]);
	return result_of(context, ftruncate(int_of(context, values[0]), octets));
}

/* allocate(descriptor, octets): makes sure of room for the first octets */
JSValue call_allocate(JSContext *context, JSValueConst self, int count, JSValueConst *values)
{
	int64_t octets = 0;

	JS_ToInt64(context, &octets, values[1]);
	return JS_NewInt32(context, -posix_fallocate(int_of(context, values[0]), 0, octets));
}

/* sync(descriptor) */
JSValue call_sync(JSContext *context, JSValueConst self, int count, JSValueConst *values)
{
	return result_of(context, fdatasync(int_of(context, values[0])));
}

static void unmap(JSRuntime *runtime, void *octets, void *memory)
{
	/* Called for a buffer without octets, too. */
	if (memory != NULL)
		munmap(memory, (size_t)(uintptr_t)octets);
}

/* map(descriptor, octets): an ArrayBuffer of the file's memory, shared with whoever maps it; undefined where there is no room */
JSValue call_map(JSContext *context, JSValueConst self, int count, JSValueConst *values)
{
	size_t octets = int_of(context, values[1]);
	void *memory = mmap(NULL, octets, PROT_READ | PROT_WRITE, MAP_SHARED, int_of(context, values[0]), 0);

	if (memory == MAP_FAILED)
		return JS_UNDEFINED;
	return JS_NewArrayBuffer(context, memory, octets, unmap, (void *)(uintptr_t)octets, 0);
}

/* unmap(buffer): what map gave has no octets any more. The mapping would hold the file's lock, too */
JSValue call_unmap(JSContext *context, JSValueConst self, int count, JSValueConst *values)
{
	JS_DetachArrayBuffer(context, values[0]);
	return JS_UNDEFINED;
}

/* readText(path): a small file such as those of /proc, undefined where it cannot be read */
JSValue call_read_text(JSContext *context, JSValueConst self, int count, JSValueConst *values)
{
	static char text[TEXT_OCTETS];
	const char *path = JS_ToCString(context, values[0]);

	if (path == NULL)
		return JS_EXCEPTION;
	int descriptor = open(path, O_RDONLY | O_CLOEXEC);
	size_t octets = 0;
	ssize_t got = -1;

	JS_FreeCString(context, path);
	if (descriptor < 0)
		return JS_UNDEFINED;
	while (octets < sizeof(text) && (got = read(descriptor, text + octets, sizeof(text) - octets)) > 0)
		octets += got;
	close(descriptor);
	return got < 0 ? JS_UNDEFINED : JS_NewStringLen(context, text, octets);
}

static long size_of(const char *path)
{
	struct stat status;

	return stat(path, &status) < 0 ? -1 : (long)status.st_size;
}

/* size(path): octets */
JSValue call_size(JSContext *context, JSValueConst self, int count, JSValueConst *values)
{
	return with_path(context, values[0], size_of);
}

/* list(path): names in a directory, undefined where it cannot be read */
JSValue call_list(JSContext *context, JSValueConst self, int count, JSValueConst *values)
{
	const char *path = JS_ToCString(context, values[0]);
	DIR *directory = path == NULL ? NULL : opendir(path);

	JS_FreeCString(context, path);
	if (directory == NULL)
		return JS_UNDEFINED;
	JSValue list = JS_NewArray(context);
	uint32_t names = 0;

	for (struct dirent *entry; (entry = readdir(directory)) != NULL;)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			JS_SetPropertyUint32(context, list, names++, JS_NewString(context, entry->d_name));
	closedir(directory);
	return list;
}

static long make_directory(const char *path)
{
	return mkdir(path, MODE_OF_DIRECTORIES);
}

/* makeDirectory(path) */
JSValue call_make_directory(JSContext *context, JSValueConst self, int count, JSValueConst *values)
{
	return with_path(context, values[0], make_directory);
}

static long remove_path(const char *path)
{
	return remove(path);
}

/* remove(path): a file, or an empty directory */
JSValue call_remove(JSContext *context, JSValueConst self, int count, JSValueConst *values)
{
	return with_path(context, values[0], remove_path);
}

/* rename(from, to) */
JSValue call_rename(JSContext *context, JSValueConst self, int count, JSValueConst *values)
{
	const char *from = JS_ToCString(context, values[0]), *to = JS_ToCString(context, values[1]);
	JSValue result = from == NULL || to == NULL ? JS_EXCEPTION : result_of(context, rename(from, to));

	JS_FreeCString(context, from);
	JS_FreeCString(context, to);
	return result;
}
