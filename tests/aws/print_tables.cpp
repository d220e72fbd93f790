// print_tables LOG CUSTOMERS STATUS GUARD: the CreateTable requests, one a line, for the programs
// that set up a stand-in.
#include <iostream>

#include "adapters/aws/dynamodb/tables.hpp"

int main(int count, char** words) {
  if (count != 5) return 2;
  const postrider::adapters::aws::dynamodb::Tables tables{words[1], words[2], words[3], words[4]};
  for (const auto& request : postrider::adapters::aws::dynamodb::create_table_requests(tables))
    std::cout << request << '\n';
}
