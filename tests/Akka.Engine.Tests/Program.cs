using Akka.Actor;
using Akka.Engine.Tests.Cluster;
using Akka.Engine.Tests.Remote;

namespace Akka.Engine.Tests;

/// <summary>
/// A node of a cluster in a process of its own: <c>SEED-ADDRESS CONFIGURATION</c>. It prints its address when it is Up,
/// and ends when its input does.
/// </summary>
internal static class Program
{
    private static async Task Main(string[] arguments)
    {
        await using var node = new ClusterNode(arguments[1]);
        node.Remote.Echo();
        await node.Cluster.JoinAsync(Address.Parse(arguments[0])).WaitAsync(Node.Patience);
        Console.WriteLine(node.Address);
        await Console.In.ReadToEndAsync();
    }
}
