using System.Diagnostics;
using Akka.Actor;

namespace Akka.Zab.Client;

// Between the façade and its actor; these never leave the process.

/// <summary>A request on its way: the actor completes it.</summary>
/// <param name="request">The request.</param>
/// <param name="span">Where it is noted that it is asked again; kept as the state of the task.</param>
internal sealed class ClientCall(Request request, Activity? span = null)
    : TaskCompletionSource<Reply>(span, TaskCreationOptions.RunContinuationsAsynchronously)
{
    public Request Request => request;
}

/// <summary>Façade to actor: there is something in the <see cref="CallQueue"/>.</summary>
internal sealed record CallsWaiting;

/// <summary>Façade to actor: this actor wants watch events and changes of state; unsubscribed by its death.</summary>
internal sealed record Subscribe(IActorRef Subscriber);

/// <summary>Façade to actor: close the session and stop. The task is completed when that is done.</summary>
internal sealed record CloseClient(TaskCompletionSource Done);

/// <summary>Façade to actor: stop without closing the session; it is not wanted any more.</summary>
internal sealed record AbandonClient;
