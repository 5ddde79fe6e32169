using NUnit.Framework;

// A fixture has a server, and its tests run one after the other, so this is how many servers there are at a time. Side
// by side, the tests of all fixtures are begun before those of any end: dozens of servers with their connections and their
// followers were alive at once then, and a slow machine did little else.
[assembly: LevelOfParallelism(6)]
