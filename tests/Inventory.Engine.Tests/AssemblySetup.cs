using NUnit.Framework;

// A fixture has a database, and its tests run one after the other, so this is how many databases there are at a time.
[assembly: LevelOfParallelism(4)]
