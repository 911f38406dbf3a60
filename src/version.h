/* version.h - the module's version; the rockspec appends "-1". */
#pragma once

#define MEET_VERSION "0.2.0"
