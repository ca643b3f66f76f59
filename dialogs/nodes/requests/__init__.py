"""What a service node's free request is made of: address, headers, body. Each is checked when it is written."""
