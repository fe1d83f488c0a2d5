# What makes a fault in this code harder to use. Each flag is asked for, so that it is on wherever the compiler and the
# linker know it; tests/house/hardening.sh looks at what came of it. Not -z nodlopen: Python and Node load the library.
include(CheckCCompilerFlag)
include(CheckCSourceCompiles)
include(CheckLinkerFlag)
include(CheckPIESupported)

foreach(flag -fstack-protector-strong -fstack-clash-protection -fcf-protection=full)
  string(MAKE_C_IDENTIFIER OZCAPSULA_HAS${flag} has)
  check_c_compiler_flag("-Werror ${flag}" ${has})
  if(${has})
    target_compile_options(ozcapsula_common INTERFACE ${flag})
  endif()
endforeach()

foreach(flag relro now noexecstack)
  check_linker_flag(C -Wl,-z,${flag} OZCAPSULA_HAS_Z_${flag})
  if(OZCAPSULA_HAS_Z_${flag})
    target_link_options(ozcapsula_common INTERFACE -Wl,-z,${flag})
  endif()
endforeach()

# Needs optimization. glibc warns of a level that the compiler cannot serve.
set(CMAKE_REQUIRED_FLAGS "-O2 -Werror -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3")
check_c_source_compiles("#include <string.h>\nint main(void) { return 0; }" OZCAPSULA_HAS_FORTIFY_3)
unset(CMAKE_REQUIRED_FLAGS)
target_compile_options(ozcapsula_common INTERFACE
  $<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=$<IF:$<BOOL:${OZCAPSULA_HAS_FORTIFY_3}>,3,2>>)

check_pie_supported(LANGUAGES C)
