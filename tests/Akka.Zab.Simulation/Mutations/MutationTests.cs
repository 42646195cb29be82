using Akka.Zab.Simulation.Runs;
using Akka.Zab.Simulation.Worlds;
using Xunit.Abstractions;

namespace Akka.Zab.Simulation.Mutations;

public class MutationTests(ITestOutputHelper output)
{
    public static TheoryData<string> Names => [.. Mutation.All.Select(mutation => mutation.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_mutation_of_the_protocol_is_found_within_a_thousand_seeds(string name)
    {
        var mutation = Mutation.All.Single(mutation => mutation.Name == name);
        for (var seed = 1; seed <= 1000; seed++)
        {
            using var run = new Run(seed, mutation);
            try
            {
                run.Complete(TimeSpan.FromSeconds(30));
            }
            catch (SimulationFailedException found)
            {
                output.WriteLine($"{name}: seed {seed}, {Trace.Seconds(run.World.Now)} s: {found.Message}");
                return;
            }
        }

        Assert.Fail($"'{name}' was not found");
    }
}
