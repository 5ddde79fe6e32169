using NUnit.Framework;

// A fixture has a server, and its tests run one after the other, so this is how many servers there are at a time. Were
// they side by side, all fixtures would be begun before any ends: dozens of servers, with their connections and their
// followers, kept a slow machine from all else.
[assembly: LevelOfParallelism(3)]
