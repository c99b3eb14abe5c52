# Runs PROGRAM ARGUMENT and compares what it prints with the file GOLDEN.
# To accept what it prints now: PROGRAM ARGUMENT > GOLDEN, and look at the difference.
# SPDX-License-Identifier: GPL-2.0-or-later
execute_process(COMMAND ${PROGRAM} ${ARGUMENT} OUTPUT_FILE ${CMAKE_CURRENT_BINARY_DIR}/output.txt
  RESULT_VARIABLE status)
execute_process(COMMAND diff -u ${GOLDEN} ${CMAKE_CURRENT_BINARY_DIR}/output.txt RESULT_VARIABLE differs)
if(status OR differs)
  message(FATAL_ERROR "${PROGRAM} ${ARGUMENT} no longer prints what is in ${GOLDEN}")
endif()
