/*
 * Claims on points of a sweep whose directory several processes share, on one machine or many. A
 * claim is DIR/points/HASH.lock. It names its owner, and the owner keeps its time stamp fresh. A
 * claim whose owner is dead on this machine, or whose stamp is older than MCA_CLAIM_STALE_S by the
 * clock of the file system, may be taken over.
 */
#ifndef MCA_SWEEP_CLAIM_H
#define MCA_SWEEP_CLAIM_H

#include <stdint.h>

#include "base/status.h"

enum { MCA_CLAIM_BEAT_S = 10, MCA_CLAIM_STALE_S = 120 };

enum mca_claim {
    MCA_CLAIM_FREE,  /* nobody has it */
    MCA_CLAIM_STALE, /* its owner is gone */
    MCA_CLAIM_HELD,  /* somebody else works on it */
    MCA_CLAIM_TAKEN  /* it is ours now */
};

/* Who claims: machine, boot, name space, process and its start. */
struct mca_claimant {
    char identity[512];
    char dir[4096];         /* of the sweep */
    char worker_path[4352]; /* a file of ours that claims are links to */
};

/* Makes the claimant's file. MCA_SYSTEM when it cannot be written. */
enum mca_status mca_claimant_init(struct mca_claimant *claimant, const char *dir,
                                  struct mca_error *error);

/* Removes it, and what dead processes left: their files, claims on points long done. */
void mca_claimant_deinit(struct mca_claimant *claimant);

/* How the claim on a point stands. */
enum mca_claim mca_claim_look(const struct mca_claimant *claimant, uint64_t hash);

/* Takes a claim that is free or stale: MCA_CLAIM_TAKEN or MCA_CLAIM_HELD in `claim`. MCA_INVALID
 * where a link or anything else that no sweep makes has the claim's name. */
enum mca_status mca_claim_take(const struct mca_claimant *claimant, uint64_t hash,
                               enum mca_claim *claim, struct mca_error *error);

void mca_claim_release(const struct mca_claimant *claimant, uint64_t hash);

/* Keep the claimant's file, or one claim, fresh: to be called every MCA_CLAIM_BEAT_S. */
void mca_claim_beat(const struct mca_claimant *claimant);
void mca_claim_touch(const struct mca_claimant *claimant, uint64_t hash);

#endif
