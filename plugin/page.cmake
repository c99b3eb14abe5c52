# Builds the page: `cmake --build BUILD --target page` makes BUILD/tcpstate.html, which needs nothing else.
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The same sources as the tool's, and a heap and a few functions on text instead of a C library. Nobody needs it for
# the plugin, so what makes it is asked for only by this target: Debian's clang, lld and python3.

find_program(WASM_CC NAMES clang clang-19 clang-16 clang-14)
find_program(WASM_LD NAMES wasm-ld wasm-ld-19 wasm-ld-16 wasm-ld-14)
find_program(PYTHON3 NAMES python3 PATHS /usr/bin NO_DEFAULT_PATH)
find_program(PYTHON3 NAMES python3)
if(NOT WASM_CC OR NOT WASM_LD OR NOT PYTHON3)
  add_custom_target(page
    COMMAND ${CMAKE_COMMAND} -E echo "the page needs clang, wasm-ld (package lld) and python3"
    COMMAND ${CMAKE_COMMAND} -E false)
  return()
endif()

set(page_parts ${CMAKE_CURRENT_LIST_DIR}/page)
file(GLOB page_sources CONFIGURE_DEPENDS ${page_parts}/*.c)
file(GLOB page_texts CONFIGURE_DEPENDS ${page_parts}/*.js ${page_parts}/page.* ${PROJECT_SOURCE_DIR}/captures/*)
file(GLOB_RECURSE page_headers CONFIGURE_DEPENDS plugin/*.h plugin/*.def)
set(floors core tell reader keep views page page/libc)
list(TRANSFORM floors PREPEND -I${CMAKE_CURRENT_LIST_DIR}/)

# What every segment goes through is to be quick, the rest small; and memcpy() is not made of memcpy().
set(page_objects)
function(compile_for_page options)
  foreach(source ${ARGN})
    file(RELATIVE_PATH name ${CMAKE_CURRENT_LIST_DIR} ${source})
    string(REPLACE / - name ${name})
    set(object ${CMAKE_BINARY_DIR}/page/${name}.o)
    add_custom_command(OUTPUT ${object}
      COMMAND ${WASM_CC} --target=wasm32 -std=c11 -ffreestanding -flto ${options} -Wall -Wextra -Werror ${floors}
        -c ${source} -o ${object}
      DEPENDS ${source} ${page_headers} VERBATIM)
    list(APPEND page_objects ${object})
  endforeach()
  set(page_objects ${page_objects} PARENT_SCOPE)
endfunction()
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/page)
compile_for_page(-O2 ${core_sources} ${reader_sources} ${keep_sources})
list(REMOVE_ITEM page_sources ${page_parts}/string.c)
compile_for_page(-Oz ${tell_sources} ${views_sources} ${page_sources})
compile_for_page("-O2;-fno-builtin" ${page_parts}/string.c)

add_custom_command(OUTPUT ${CMAKE_BINARY_DIR}/tcpstate.wasm
  COMMAND ${WASM_LD} --no-entry --strip-all --lto-O3 ${page_objects} -o ${CMAKE_BINARY_DIR}/tcpstate.wasm
  DEPENDS ${page_objects} VERBATIM)
add_custom_command(OUTPUT ${CMAKE_BINARY_DIR}/tcpstate.html
  COMMAND ${PYTHON3} -B ${page_parts}/join ${CMAKE_BINARY_DIR}/tcpstate.wasm ${PROJECT_SOURCE_DIR}/captures
    ${CMAKE_BINARY_DIR}/tcpstate.html
  DEPENDS ${CMAKE_BINARY_DIR}/tcpstate.wasm ${page_parts}/join ${page_texts} VERBATIM)
add_custom_target(page DEPENDS ${CMAKE_BINARY_DIR}/tcpstate.html)
