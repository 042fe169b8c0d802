/* Which component library prices a run (scenario section `cost`). */
#ifndef MCA_COST_COST_CONFIG_H
#define MCA_COST_COST_CONFIG_H

enum { MCA_LIBRARY_PATH_SIZE = 4096 };

struct mca_cost_config {
    char library[MCA_LIBRARY_PATH_SIZE]; /* a name ("mca-14nm") or a path to a YAML file */
};

#endif
