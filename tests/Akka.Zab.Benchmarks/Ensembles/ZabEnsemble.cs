using System.Diagnostics;
using Microsoft.Diagnostics.NETCore.Client;

namespace Akka.Zab.Benchmarks.Ensembles;

/// <summary>This product, as <c>zab server</c> runs it, with its defaults.</summary>
internal sealed class ZabEnsemble(string folder) : Ensemble("Akka.Zab", folder, firstPort: 2181)
{
    private const int FirstRemotePort = 4051;

    /// <summary>Environment variables of the servers, beside this program's own.</summary>
    public Dictionary<string, string> Variables { get; } = [];

    /// <summary>
    /// The runtime collects everything at the beginning of a session that asks for the heap, which is how dotnet-gcdump
    /// works, too. What it then says of the heap is what is left.
    /// </summary>
    public override async Task<long> LiveHeapAsync(int id)
    {
        const long heapCollect = 0x800000;
        const long gc = 0x1;
        var client = new DiagnosticsClient(ProcessOf(id));
        var before = await Words.FigureAsync(Port(id), "zk_gc_collections_gen2");
        using var session = await client.StartEventPipeSessionAsync(
            new EventPipeProvider("Microsoft-Windows-DotNETRuntime", System.Diagnostics.Tracing.EventLevel.Informational, heapCollect | gc),
            requestRundown: false,
            circularBufferMB: 16,
            CancellationToken.None);
        var drain = session.EventStream.CopyToAsync(Stream.Null);
        while (await Words.FigureAsync(Port(id), "zk_gc_collections_gen2") == before)
            await Task.Delay(50);
        await session.StopAsync(CancellationToken.None);
        await drain;
        return await Words.FigureAsync(Port(id), "zk_gc_heap_bytes");
    }

    protected override void Configure(int id)
    {
        var members = string.Concat(Shape.Ids.Select(member =>
            $$"""
            { id = {{member}}, address = "akka.tcp://zab@127.0.0.1:{{FirstRemotePort + Offset + member - 1}}"
              role = {{(Shape.Observes(member) ? "observer" : "participant")}}, client = "127.0.0.1:{{Port(member)}}" }

            """));
        File.WriteAllText(Config(id),
            $$"""
            akka.zab {
              server-id = {{id}}
              members = [
            {{members}}]
              client-port { host = "127.0.0.1", port = {{Port(id)}} }
            }
            akka.remote.dot-netty.tcp { hostname = "127.0.0.1", port = {{FirstRemotePort + Offset + id - 1}} }
            """);
    }

    protected override ProcessStartInfo Program(int id)
    {
        var start = new ProcessStartInfo(
            "dotnet",
            [
                Repository.Server, "server", "--config", Config(id), "--data", Folder(id),
                "--log", Path.Combine(Folder(id), "server.log"), "--until-input-ends",
            ]);
        foreach (var (key, value) in Variables)
            start.Environment[key] = value;
        return start;
    }

    private string Config(int id) => Path.Combine(Folder(id), "zab.conf");
}
