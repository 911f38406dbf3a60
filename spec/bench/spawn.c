/*
 * spawn.c - what a whole process costs, two programs in turns.
 *
 *   spawn ROUNDS PROGRAM [ARGUMENT ...] -- PROGRAM [ARGUMENT ...]
 *
 * One line a round: wall and CPU seconds of the first, wall and CPU of the
 * second. Their output goes nowhere; one that fails ends it.
 */
#include "usage.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

static struct usage spawn(char **arguments)
{
    struct timespec clock;
    struct rusage spent = {0};
    struct usage used;
    int status = 0;
    pid_t child;

    clock_gettime(CLOCK_MONOTONIC, &clock);
    child = fork();
    if (child == 0) {
        int nowhere = open("/dev/null", O_WRONLY);

        dup2(nowhere, STDOUT_FILENO);
        execvp(arguments[0], arguments);
        _exit(127);
    }
    if (child < 0 || wait4(child, &status, 0, &spent) < 0 || status != 0) {
        fprintf(stderr, "spawn: %s failed\n", arguments[0]);
        exit(EXIT_FAILURE);
    }
    used = usage_now();
    used.wall -= (double)clock.tv_sec + (double)clock.tv_nsec / 1e9;
    used.cpu = usage_seconds(spent.ru_utime) + usage_seconds(spent.ru_stime);
    return used;
}

int main(int argc, char **argv)
{
    char **second = argv + 2;
    long rounds = argc > 4 ? strtol(argv[1], NULL, 10) : 0;

    while (*second && strcmp(*second, "--") != 0)
        second++;
    if (rounds == 0 || !*second)
        return EXIT_FAILURE;
    *second++ = NULL;
    spawn(argv + 2); /* warms what is shared */
    spawn(second);
    for (long round = 0; round < rounds; round++) {
        struct usage used[2];

        used[round % 2] = spawn(round % 2 ? second : argv + 2);
        used[1 - round % 2] = spawn(round % 2 ? argv + 2 : second);
        printf("%.6f %.6f %.6f %.6f\n", used[0].wall, used[0].cpu, used[1].wall,
               used[1].cpu);
    }
    return EXIT_SUCCESS;
}
