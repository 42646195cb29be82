using Akka.Zab.Recipes.Tests.Simulation;

// The tests start this assembly as a program where they need a process of its own.
return args is ["simulate", .. var rest] ? Simulations.RunSeeds(rest) : 64;
