#pragma once
/*
 * What every fuzzer gives: one input is judged by a property, and a `must` that does not hold is a
 * finding. libFuzzer calls it with inputs it makes up, replay.c with those kept in corpus/.
 */
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
