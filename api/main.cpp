// Start of the program: everything is a command of the command line.
#include "api/cli/cli.h"

int main(int argc, char** argv) {
  return chucai::cli::run(argc, argv);
}
