using Akka.Zab.Recipes.Tests.Processes;
using Akka.Zab.Recipes.Tests.Simulation;

// The tests start this assembly as a program where they need a process of its own.
return args switch
{
    ["simulate", .. var rest] => Simulations.RunSeeds(rest),
    ["contend", .. var rest] => await Contender.RunAsync(rest),
    _ => 64,
};
