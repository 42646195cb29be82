using Akka.Zab.Tree;
using BenchmarkDotNet.Attributes;

namespace Akka.Zab.Benchmarks.Parts;

/// <summary>Each per transaction, in batches as the product has them under load, on a tree of 100,000 znodes.</summary>
[MemoryDiagnoser]
public class TreeBenchmarks
{
    private const int Watchers = 1000;

    private readonly Sample sample = new();
    private readonly BatchEncoder encoder = new();
    private readonly List<FiredWatch> fired = new(Watchers);
    private readonly WatchTable watches = new();
    private TreeEdit edit = null!;
    private TxnBatch batch = null!;

    [GlobalSetup]
    public void Prepare()
    {
        edit = sample.Tree.Edit();
        batch = Encode();
    }

    /// <summary>A batch is applied, and the tree as it then stands is given out.</summary>
    [Benchmark(OperationsPerInvoke = Sample.BatchSize)]
    public object Write()
    {
        for (var i = 0; i < Sample.BatchSize; i++)
            edit.Apply(sample.Write());
        return edit.Commit();
    }

    /// <summary>A batch is encoded, once for the journal and all servers.</summary>
    [Benchmark(OperationsPerInvoke = Sample.BatchSize)]
    public object EncodeBatch() => Encode();

    /// <summary>The same is read again.</summary>
    [Benchmark(OperationsPerInvoke = Sample.BatchSize)]
    public object DecodeBatch() => TxnCodec.Decode(batch);

    /// <summary>A thousand connections watch one znode, which is set: for each, the watch is left and fired.</summary>
    [Benchmark(OperationsPerInvoke = Watchers)]
    public int FanOut()
    {
        var write = sample.Write();
        var path = ((SetDataTxn)write.Body).Path;
        for (var watcher = 1; watcher <= Watchers; watcher++)
            watches.Add(WatchKind.Data, path, watcher);
        fired.Clear();
        watches.Fire(write, fired);
        return fired.Count;
    }

    private TxnBatch Encode()
    {
        for (var i = 0; i < Sample.BatchSize; i++)
            encoder.Add(sample.Write());
        return encoder.Finish();
    }
}
