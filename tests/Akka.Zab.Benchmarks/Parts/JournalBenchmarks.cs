using Akka.Actor;
using Akka.Configuration;
using Akka.Zab.History;
using Akka.Zab.Hosting;
using Akka.Zab.Protocol;
using Akka.Zab.Tree;
using BenchmarkDotNet.Attributes;

namespace Akka.Zab.Benchmarks.Parts;

/// <summary>
/// Batches of the least and of a usual size, one after the other, each on the disk (of TMPDIR) before the next. The time is
/// for a batch.
/// </summary>
[MemoryDiagnoser]
public class JournalBenchmarks
{
    private readonly Sample sample = new();
    private readonly BatchEncoder encoder = new();
    private string folder = "";
    private ActorSystem system = null!;
    private IActorRef history = null!;
    private IActorRef peer = null!;
    private Inbox.Expectation answers = null!;
    private long number;
    private uint counter;

    [Params(1, Sample.BatchSize)]
    public int Transactions { get; set; }

    [GlobalSetup]
    public async Task Start()
    {
        folder = Directory.CreateTempSubdirectory("zab-journal-").FullName;
        system = ActorSystem.Create("history", ConfigurationFactory.ParseString(
            $"""
            akka.loglevel = WARNING
            akka.zab.journal.connection-string = "{SqliteFile.Prepare(Path.Combine(folder, "journal.db"))}"
            akka.zab.snapshots.connection-string = "{SqliteFile.Prepare(Path.Combine(folder, "snapshots.db"))}"
            """).WithFallback(ZabSettings.Reference));
        (peer, answers) = Inbox.Open(system);
        // Neither is a snapshot taken nor anything deleted while this lasts.
        var settings = new HistorySettings
        {
            PersistenceId = "zab-1",
            SnapshotAfterTxns = long.MaxValue,
            SnapshotAfterBytes = long.MaxValue,
        };
        history = system.ActorOf(HistoryActor.Props(settings, peer));
        var recovered = answers.Next(message => message is Recovered);
        history.Tell(new OpenHistory(), peer);
        await recovered;
        (number, counter) = (0, 0);
        await Do(n => new AcceptEpoch(n, 1));
        await Do(n => new EstablishEpoch(n, 1, null, 0, []));
    }

    [GlobalCleanup]
    public async Task Stop()
    {
        await system.Terminate();
        Directory.Delete(folder, recursive: true);
    }

    [Benchmark]
    public Task Append()
    {
        for (var i = 0; i < Transactions; i++)
        {
            var write = sample.Write();
            encoder.Add(write with { Header = write.Header with { Zxid = Zxid.Of(1, ++counter) } });
        }

        var batch = encoder.Finish();
        return Do(n => new AppendBatch(n, batch, batch.FirstZxid - 1));
    }

    private Task Do(Func<long, HistoryCommand> command)
    {
        var wanted = ++number;
        var durable = answers.Next(message => message is Durable durable && durable.Number >= wanted);
        history.Tell(command(wanted), peer);
        return durable;
    }
}
