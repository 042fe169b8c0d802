/*
 * Claims on points of a sweep whose directory several processes share, on one machine or many. A
 * claim is DIR/points/HASH.lock. It names its owner, and the owner keeps its time stamp fresh. A
 * claim whose owner is dead on this machine, or whose stamp is older than CLI_CLAIM_STALE_S by the
 * clock of the file system, may be taken over.
 */
#ifndef MCA_CLI_SWEEP_CLAIM_H
#define MCA_CLI_SWEEP_CLAIM_H

#include <stdint.h>

#include "base/status.h"

enum { CLI_CLAIM_BEAT_S = 10, CLI_CLAIM_STALE_S = 120 };

enum cli_claim {
    CLI_CLAIM_FREE,  /* nobody has it */
    CLI_CLAIM_STALE, /* its owner is gone */
    CLI_CLAIM_HELD,  /* somebody else works on it */
    CLI_CLAIM_TAKEN  /* it is ours now */
};

/* Who claims: machine, boot, name space, process and its start. */
struct cli_claimant {
    char identity[512];
    char dir[4096];         /* of the sweep */
    char worker_path[4352]; /* a file of ours that claims are links to */
};

/* A name that no other process has, on this machine or another one, and that nobody can foretell.
 */
enum { CLI_UNIQUE_SIZE = 48 };
void cli_unique_name(char text[CLI_UNIQUE_SIZE]);

/* Makes the claimant's file. MCA_SYSTEM when it cannot be written. */
enum mca_status cli_claimant_init(struct cli_claimant *claimant, const char *dir,
                                  struct mca_error *error);

/* Removes it, and what dead processes left: their files, claims on points long done. */
void cli_claimant_deinit(struct cli_claimant *claimant);

/* How the claim on a point stands. */
enum cli_claim cli_claim_look(const struct cli_claimant *claimant, uint64_t hash);

/* Takes a claim that is free or stale: CLI_CLAIM_TAKEN or CLI_CLAIM_HELD in `claim`. */
enum mca_status cli_claim_take(const struct cli_claimant *claimant, uint64_t hash,
                               enum cli_claim *claim, struct mca_error *error);

void cli_claim_release(const struct cli_claimant *claimant, uint64_t hash);

/* Keep the claimant's file, or one claim, fresh: to be called every CLI_CLAIM_BEAT_S. */
void cli_claim_beat(const struct cli_claimant *claimant);
void cli_claim_touch(const struct cli_claimant *claimant, uint64_t hash);

#endif
