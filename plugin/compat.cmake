# SPDX-License-Identifier: GPL-2.0-or-later
# What differs between Wireshark 4.0, 4.2, 4.4 and 4.6, and is tried instead of told by the version: nobody
# packages 4.2's headers any more, and some of what 4.4 changed may have come with it. Each result is a macro
# of plugin/epan/compat.h: compat_try(TARGET INCLUDE_DIRECTORIES).
include(CheckCSourceCompiles)
include(CheckIncludeFile)

function(compat_try target includes)
  set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY) # prototypes only: nothing is linked
  set(CMAKE_REQUIRED_INCLUDES ${includes})
  set(CMAKE_REQUIRED_FLAGS "-Werror=incompatible-pointer-types")
  set(CMAKE_REQUIRED_QUIET ON)
  set(head "#include <wireshark.h>\n#include <epan/packet.h>\n#include <epan/prefs.h>\n#include <epan/conversation_filter.h>\n")

  check_c_source_compiles("${head}" COMPAT_HEADERS_COMPILE)
  if(NOT COMPAT_HEADERS_COMPILE)
    message(FATAL_ERROR "Wireshark's headers do not compile; see CMakeFiles/CMakeError.log or CMakeConfigureLog.yaml")
  endif()
  check_include_file(wsutil/plugins.h COMPAT_HAS_PLUGINS_H)
  check_c_source_compiles("${head}
    bool value;
    void f(module_t *m) { prefs_register_bool_preference(m, \"\", \"\", \"\", &value); }"
    COMPAT_BOOL_PREFERENCES)
  foreach(answer bool gboolean)
    string(TOUPPER COMPAT_FILTER_${answer}_AND_DATA result)
    check_c_source_compiles("${head}
      static ${answer} is(packet_info *p, void *data) { return p && data; }
      static char *text(packet_info *p, void *data) { return p ? data : 0; }
      void f(void) { register_conversation_filter(\"\", \"\", is, text, 0); }"
      ${result})
  endforeach()

  foreach(result COMPAT_HAS_PLUGINS_H COMPAT_BOOL_PREFERENCES COMPAT_FILTER_BOOL_AND_DATA
      COMPAT_FILTER_GBOOLEAN_AND_DATA)
    if(${result})
      target_compile_definitions(${target} PRIVATE ${result})
    endif()
  endforeach()
endfunction()
