#pragma once
/*
 * What a case issued, and what it would issue, as files: PDF, or DOCX where Accept asks for it more or the
 * address says `?format=docx` (links cannot say what they accept).
 */
#include "api/serve.h"

extern const struct api_table paper_api;
