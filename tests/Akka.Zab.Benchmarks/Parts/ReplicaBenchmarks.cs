using Akka.Actor;
using Akka.Zab.Client;
using Akka.Zab.Replica;
using Akka.Zab.Tree;
using BenchmarkDotNet.Attributes;

namespace Akka.Zab.Benchmarks.Parts;

/// <summary>The replica as its session sees it: a run of reads in one message, their results in another.</summary>
[MemoryDiagnoser]
public class ReplicaBenchmarks
{
    private const int Connection = 7;

    private readonly NumberedRead[][] runs = new NumberedRead[256][];
    private ActorSystem system = null!;
    private IActorRef replica = null!;
    private Inbox.Expectation session = null!;
    private int next;

    [GlobalSetup]
    public async Task Start()
    {
        var sample = new Sample();
        for (var run = 0; run < runs.Length; run++)
        {
            runs[run] = [.. Enumerable.Range(1, Sample.BatchSize).Select(i =>
                new NumberedRead(((long)Connection << 32) | (uint)i, 0, new GetData(sample.Path())))];
        }

        system = ActorSystem.Create("replica", "akka.loglevel = WARNING");
        replica = system.ActorOf(ReplicaActor.Props());
        (var actor, session) = Inbox.Open(system);
        replica.Tell(new ResetReplica(sample.Tree), ActorRefs.NoSender);
        var attached = session.Next(message => message is SessionAttached);
        replica.Tell(new AttachSession(Connection, Sample.Session, actor, Identities.None), ActorRefs.NoSender);
        await attached;
    }

    [GlobalCleanup]
    public Task Stop() => system.Terminate();

    [Benchmark(OperationsPerInvoke = Sample.BatchSize)]
    public Task Read()
    {
        var results = session.Next(message => message is SessionResults);
        replica.Tell(new SubmitReads(Connection, runs[next++ % runs.Length]), ActorRefs.NoSender);
        return results;
    }
}
