/* version.h - the module's version; the rockspec's has "-1" after it. */
#pragma once

#define MEET_VERSION "0.1.0"
