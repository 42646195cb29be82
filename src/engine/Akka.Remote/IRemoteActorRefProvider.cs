using Akka.Actor;

namespace Akka.Remote;

/// <summary>A provider whose actor system can be reached by others.</summary>
public interface IRemoteActorRefProvider : IActorRefProvider
{
    /// <summary>Watches remote actors on behalf of all actors here.</summary>
    IActorRef RemoteWatcher { get; }

    /// <summary>Remoting itself.</summary>
    RemoteTransport Transport { get; }

    /// <summary>The section akka.remote.</summary>
    RemoteSettings RemoteSettings { get; }

    /// <summary>Whether the address is one of this system's.</summary>
    bool HasAddress(Address address);

    /// <summary>The actor at that path.</summary>
    IActorRef InternalResolveActorRef(string path);

    /// <summary>The actor at that path, reached from one of this system's addresses.</summary>
    IInternalActorRef ResolveActorRefWithLocalAddress(string path, Address localAddress);

    /// <summary>Ends all traffic with a run of a remote system, or with its present run.</summary>
    void Quarantine(Address address, int? uid);
}
