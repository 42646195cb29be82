namespace Akka.Coordination;

/// <summary>Whether a lease is held could not be found out, or could not be changed.</summary>
public class LeaseException : Exception
{
    /// <param name="message">What happened.</param>
    public LeaseException(string message) : base(message)
    {
    }

    /// <param name="message">What happened.</param>
    /// <param name="innerEx">The cause.</param>
    public LeaseException(string message, Exception innerEx) : base(message, innerEx)
    {
    }
}

/// <summary>A lease did not answer in time.</summary>
public sealed class LeaseTimeoutException : LeaseException
{
    /// <param name="message">What happened.</param>
    public LeaseTimeoutException(string message) : base(message)
    {
    }

    /// <param name="message">What happened.</param>
    /// <param name="innerEx">The cause.</param>
    public LeaseTimeoutException(string message, Exception innerEx) : base(message, innerEx)
    {
    }
}
