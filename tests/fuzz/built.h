/*
 * built.h - a container as typed fields: what the target `built` mutates in place of bytes.
 *
 * Split in four, as libfido2 does: built_fields.c takes the fields from the input (unpack) and writes them back (pack),
 * built_mutate.c changes them, built_container.c makes a container of them, signed, and target_built.c judges it.
 */
#ifndef BUILT_H
#define BUILT_H

#include "sign.h"
#include "wraps.h"

#define BLOB_MOST 1024
#define ENTRIES_MOST 8
#define EDITS_MOST 6
#define JUDGED_AT 1767225660 /* 60 s behind the iat of a good token */

struct blob {
    size_t len;
    uint8_t bytes[BLOB_MOST];
};

/* An entry besides the five parts. */
struct built_entry {
    uint32_t place; /* PLACE_ */
    struct blob name;
    struct blob content;
};
enum { PLACE_MEDIA, PLACE_EXT, PLACE_AS_NAMED, PLACES };

/* Damage: where, and what is done there. */
struct edit {
    uint32_t where; /* EDIT_ */
    uint32_t which; /* the record of that entry */
    uint32_t how;   /* HOW_ */
    uint32_t at;
    uint32_t value;
};
enum {
    EDIT_LIST,      /* hashes.sha256, before it is signed */
    EDIT_TOKEN,     /* session_token, behind its signature; it is hashed with the edit */
    EDIT_SIGNATURE, /* behind signing */
    EDIT_LOCAL,     /* a byte of a local record */
    EDIT_CENTRAL,   /* of a central record */
    EDIT_BOTH,      /* of a field that both have, in both */
    EDIT_END,       /* of the end record */
    EDIT_CONTAINER, /* anywhere */
    EDIT_PLACES
};
enum { HOW_SET, HOW_SET_16, HOW_SET_32, HOW_FLIP, HOW_INSERT, HOW_DELETE, HOWS };

/* What is left out, empty, or by another's hand. Bits of built.options. */
enum {
    LEAVE_OUT = 1 << 0,         /* bits 0 to 5: mimetype, payload, media/a.png, token, list, signature */
    EMPTY = 1 << 6,             /* bits 6 to 11: the same, without content */
    LIST_UNSORTED = 1 << 12,    /* in file order */
    LIST_WITH_ALL = 1 << 13,    /* a line for hashes.sha256 too */
    PAYLOAD_AS_GIVEN = 1 << 14, /* also where it is empty; so with header and claims */
    OPTION_BITS = 1 << 15
};

struct built {
    uint32_t policy;
    uint32_t issuer; /* role that signs the token */
    uint32_t signer; /* role that signs the list */
    uint32_t options;
    uint32_t now;   /* seconds behind JUDGED_AT, as 16 bits with a sign */
    uint32_t order; /* seed of the order of entries; 0: as they are */
    uint32_t reads; /* seed of the sizes of reads */
    struct fault fault;
    struct blob payload; /* empty: a good one; so with the next two */
    struct blob header;
    struct blob claims; /* %cnf% stands for the confirmation key of the signer */
    uint32_t entry_count;
    struct built_entry entries[ENTRIES_MOST];
    uint32_t edit_count;
    struct edit edits[EDITS_MOST];
};

/* What goes over the fields, each in its turn. `below`: 0, or what a number stays below. */
struct visitor {
    void (*number)(struct visitor *visitor, uint32_t *number, unsigned size, uint32_t below);
    void (*blob)(struct visitor *visitor, struct blob *blob);
};
void built_visit(struct built *built, struct visitor *visitor);

/* Any bytes are fields: what is missing is zero, what is too much is not looked at. */
void built_unpack(struct built *built, const uint8_t *bytes, size_t len);

/* The bytes of the fields; 0: they need more than `room`. */
size_t built_pack(const struct built *built, uint8_t *bytes, size_t room);

/* Changes some fields, by the seed. */
void built_mutate(struct built *built, uint32_t seed);

/* Takes some fields of another. */
void built_cross(struct built *built, const struct built *other, uint32_t seed);

#define POLICIES 7

/* The container, and what must be so for it to be valid. */
struct built_container {
    uint8_t bytes[1 << 16];
    size_t len;
    bool token_is_sound;     /* signed by a trusted issuer, and nothing changed since */
    bool signature_is_sound; /* the same, by a trusted signer or the token's own key */
    bool list_is_sound;      /* as made from the entries */
    uint8_t list_sha256[32];
};
void built_make(const struct built *built, struct built_container *container);

#endif
