using Akka.Zab.Benchmarks;

switch (args)
{
    case ["snapshots", .. var rest] when rest.Length <= 2:
        await SnapshotBenchmark.RunAsync(Number(rest, 0, 1_000_000), Number(rest, 1, 128));
        return 0;
    case ["recover", var folder]:
        await SnapshotBenchmark.RecoverAsync(folder);
        return 0;
    default:
        Console.Error.WriteLine("usage: zab-benchmarks snapshots [ZNODES=1000000] [BYTES=128]");
        return 2;
}

static int Number(string[] args, int index, int otherwise) => args.Length > index ? int.Parse(args[index]) : otherwise;
