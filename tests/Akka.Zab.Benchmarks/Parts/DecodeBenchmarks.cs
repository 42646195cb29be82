using Akka.Zab.Benchmarks.Wire;
using Akka.Zab.ZooKeeper.Jute;
using BenchmarkDotNet.Attributes;

namespace Akka.Zab.Benchmarks.Parts;

/// <summary>A client's frame becomes a request.</summary>
[MemoryDiagnoser]
public class DecodeBenchmarks
{
    private const int LengthSize = 4;

    private readonly PendingShapes shapes = new();
    private readonly byte[] get = WireConnection.Get("/services/orders/instance-17");
    private readonly byte[] set = WireConnection.Set("/services/orders/instance-17", new byte[128]);
    private readonly byte[] create = WireConnection.Create("/services/orders/instance-17", new byte[128]);

    [Benchmark]
    public object Get() => Decode(get);

    [Benchmark]
    public object Set() => Decode(set);

    [Benchmark]
    public object Create() => Decode(create);

    private object Decode(byte[] frame)
    {
        var request = RequestDecoder.Decode(frame.AsSpan(LengthSize), shapes);
        shapes.Take();
        return request.Operation;
    }
}
