/* SPDX-License-Identifier: GPL-2.0-only */
/* The maps of the programs, and what is found in them. Those of records are in record.h. */
#ifndef WEIR_MAPS_H
#define WEIR_MAPS_H

#include "look.h"

/* Maps within maps: user space makes them, with these sizes and flags. Their types would not be told of, sizes are. */
struct namespace_map {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(struct namespace));
};

struct connections_map {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__uint(key_size, sizeof(__u64));
	__uint(value_size, sizeof(struct connection));
};

struct ring {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 16);
};

/* The slots of the namespaces that are metered, by inode number. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, NAMESPACES);
	__type(key, __u32);
	__type(value, __u32);
} slots SEC(".maps");

/* By slot: user space makes one map of each kind when it begins to meter a namespace. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, NAMESPACES);
	__type(key, __u32);
	__array(values, struct namespace_map);
} namespaces SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, NAMESPACES);
	__type(key, __u32);
	__array(values, struct connections_map);
} connections SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, NAMESPACES);
	__type(key, __u32);
	__array(values, struct ring);
} rings SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1 << 12);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct interface_key);
	__type(value, __u32);
} vlans SEC(".maps");

enum place { PLACE_CONFIRM, PLACE_END, PLACE_END_AGAIN, PLACE_SWEEP, PLACES };

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, PLACES);
	__type(key, __u32);
	__type(value, struct look);
} looks SEC(".maps");

/* The connection whose end came last on this CPU; 0 once the second program of ends has seen it. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} last_end SEC(".maps");

/* Of the connection that came last. */
__u32 last_id;

static __always_inline struct look *find_look(__u32 place)
{
	return bpf_map_lookup_elem(&looks, &place);
}

static __always_inline struct namespace *namespace_at(__u32 slot)
{
	void *map = bpf_map_lookup_elem(&namespaces, &slot);
	__u32 only = 0;

	return map ? bpf_map_lookup_elem(map, &only) : NULL;
}

/* NULL where the namespace is not metered. */
static __always_inline struct namespace *find_namespace(__u32 inode)
{
	__u32 *slot = bpf_map_lookup_elem(&slots, &inode);

	return slot ? namespace_at(*slot) : NULL;
}

static __always_inline void *connections_of(const struct namespace *ns)
{
	__u32 slot = ns->slot;

	return bpf_map_lookup_elem(&connections, &slot);
}

static __always_inline void *ring_of(const struct namespace *ns)
{
	__u32 slot = ns->slot;

	return bpf_map_lookup_elem(&rings, &slot);
}

#endif
