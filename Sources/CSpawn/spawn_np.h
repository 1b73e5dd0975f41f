// What glibc has and its Swift module leaves out: the folder a started program works in.
#pragma once
#include <spawn.h>

int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *actions, const char *path);
