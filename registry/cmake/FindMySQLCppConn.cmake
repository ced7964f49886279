# MySQL Connector/C++ 1.1 as Debian packages it (no .pc or CMake config of its own).
# Defines MySQL::CppConn.
find_path(MYSQLCPPCONN_INCLUDE_DIR mysql_connection.h)
find_library(MYSQLCPPCONN_LIBRARY mysqlcppconn)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(MySQLCppConn DEFAULT_MSG MYSQLCPPCONN_LIBRARY MYSQLCPPCONN_INCLUDE_DIR)
if(MySQLCppConn_FOUND AND NOT TARGET MySQL::CppConn)
  add_library(MySQL::CppConn UNKNOWN IMPORTED)
  set_target_properties(MySQL::CppConn PROPERTIES
    IMPORTED_LOCATION ${MYSQLCPPCONN_LIBRARY}
    INTERFACE_SYSTEM_INCLUDE_DIRECTORIES ${MYSQLCPPCONN_INCLUDE_DIR})
endif()
