using Akka.Zab.Client;
using Akka.Zab.Replica;
using Akka.Zab.Simulation.Worlds;

namespace Akka.Zab.Simulation.Mutations;

/// <summary>The replica does not hold a read back until the session's write before it is answered.</summary>
internal sealed class ReadAheadOfOwnWrite : Mutation
{
    public override string Name => "reads ahead of own writes";

    public override WorldOptions Change(WorldOptions options) => options with
    {
        ToReplica = message => message is SubmitReads submitted
            ? submitted with { Reads = [.. submitted.Reads.Select(read => read with { AfterWrite = 0 })] }
            : message,
    };
}

/// <summary>An event goes out after the answer that shows what it is about.</summary>
internal sealed class EventAfterRead : Mutation
{
    public override string Name => "a watch event after its read";

    public override void Apply(World world) => world.Clients.OnAdded = client =>
    {
        var late = new List<ClientOutput>();
        client.Alter = outputs =>
        {
            var altered = new List<ClientOutput>();
            foreach (var output in outputs)
            {
                if (output.Content is WatchEvent)
                {
                    late.Add(output);
                    continue;
                }

                altered.Add(output);
                altered.AddRange(late);
                late.Clear();
            }

            return [.. altered];
        };
    };
}
