using Akka.Actor;
using Akka.Event;

namespace Akka.Remote;

/// <summary>The ground that remoting stands on.</summary>
public abstract class RemoteTransport
{
    /// <summary>For one actor system.</summary>
    protected RemoteTransport(ExtendedActorSystem system, RemoteActorRefProvider provider)
    {
        System = system;
        Provider = provider;
        Log = Logging.GetLogger(system, "remoting");
    }

    /// <summary>The actor system.</summary>
    public ExtendedActorSystem System { get; }

    /// <summary>The provider of the actor system.</summary>
    public RemoteActorRefProvider Provider { get; }

    /// <summary>The addresses under which others reach this system; empty before the start.</summary>
    public abstract ISet<Address> Addresses { get; }

    /// <summary>The address under which others reach this system.</summary>
    public abstract Address DefaultAddress { get; }

    /// <summary>Remoting's log.</summary>
    public ILoggingAdapter Log { get; }

    /// <summary>Opens the port.</summary>
    /// <exception cref="RemoteTransportException">It cannot be opened.</exception>
    public abstract void Start();

    /// <summary>Sends what waits, then closes all connections and the port.</summary>
    public abstract Task Shutdown();

    /// <summary>Puts a message on its way; it is dropped into dead letters if there is none.</summary>
    public abstract void Send(object message, IActorRef? sender, RemoteActorRef recipient);

    /// <summary>Not used by this engine: answers false.</summary>
    public abstract Task<bool> ManagementCommand(object cmd);

    /// <summary>Not used by this engine: answers false.</summary>
    public abstract Task<bool> ManagementCommand(object cmd, CancellationToken cancellationToken);

    /// <summary>The address by which that system knows this one; null if it cannot be reached at all.</summary>
    public abstract Address? LocalAddressForRemote(Address remote);

    /// <summary>Ends all traffic with a run of a remote system, or with its present run.</summary>
    public abstract void Quarantine(Address address, int? uid);
}

/// <summary>Remoting cannot do its work.</summary>
public class RemoteTransportException(string message, Exception? cause = null) : AkkaException(message, cause);
