namespace Akka.Actor;

public partial class ActorCell
{
    TimeSpan? _receiveTimeout;
    ICancelable? _pendingReceiveTimeout;

    public TimeSpan? ReceiveTimeout => _receiveTimeout;

    public void SetReceiveTimeout(TimeSpan? timeout = null)
    {
        _receiveTimeout = timeout > TimeSpan.Zero ? timeout : null;
        CancelReceiveTimeout(); // The next check begins the new countdown.
    }

    internal void CheckReceiveTimeout(bool reschedule = true)
    {
        if (_receiveTimeout is not { } timeout)
            return;
        if (IsAwaiting)
        {
            CancelReceiveTimeout(); // The time an asynchronous handler takes is no time without messages.
            return;
        }

        if (!reschedule && _pendingReceiveTimeout is { IsCancellationRequested: false })
            return;
        CancelReceiveTimeout();
        _pendingReceiveTimeout = _systemImpl.Scheduler.ScheduleTellOnceCancelable(timeout, _self,
            Akka.Actor.ReceiveTimeout.Instance, _self);
    }

    void CancelReceiveTimeout()
    {
        _pendingReceiveTimeout?.Cancel();
        _pendingReceiveTimeout = null;
    }
}
