using Akka.Actor;
using Akka.Configuration;

namespace Akka.Zab.Tests.Hosting;

/// <summary>
/// Three members in three actor systems of this process, over TCP on loopback, and a fourth for clients outside.
/// </summary>
public abstract class EnsembleTestKit : IDisposable
{
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <param name="settings">What the members have in <c>akka.zab</c> besides.</param>
    protected EnsembleTestKit(string settings = "") => Ensemble = new LocalEnsemble(settings);

    private protected LocalEnsemble Ensemble { get; }

    /// <summary>The actor system that is none of the ensemble's.</summary>
    protected ActorSystem Outside { get; } = ActorSystem.Create("outside", ConfigurationFactory.ParseString(
        """
        akka.loglevel = WARNING
        akka.actor.provider = remote
        akka.remote.retry-gate-closed-for = 100ms
        akka.remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
        """));

    /// <summary>The members as a client outside names them, in the order of their ids.</summary>
    protected IEnumerable<string> Addresses => Ensemble.Ports.Select(port => $"akka.tcp://zab@127.0.0.1:{port}");

    public void Dispose()
    {
        Outside.Terminate().Wait(Patience);
        Ensemble.Dispose();
        GC.SuppressFinalize(this);
    }
}
